import { LogoMark } from '../components/logo.tsx';
import classes from './brand-logo.module.css';

/** A provider's logo, or our mark in its colour, with its name, which is the text. */
export function BrandLogo({ name, logo }: { name: string; logo: string | null }) {
  return (
    <>
      {logo ? <img src={logo} alt="" className={classes.picture} /> : <LogoMark />}
      <span className={classes.name}>{name}</span>
    </>
  );
}
