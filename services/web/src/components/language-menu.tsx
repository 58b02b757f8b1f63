import { chooseLanguage, language, languages } from '../texts/language.ts';
import { texts } from '../texts/texts.ts';
import classes from './language-menu.module.css';

/** The languages of the site, each by its own name. */
export function LanguageMenu() {
  return (
    <select className={classes.menu} aria-label={texts.common.language} defaultValue={language} onChange={(event) => chooseLanguage(event.target.value)}>
      {Object.entries(languages).map(([code, name]) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </select>
  );
}
