import { useColorScheme } from '@mantine/hooks';
import type { CSSProperties, ReactNode } from 'react';
import { BrandLogo } from '../../brand/brand-logo.tsx';
import { KeyEdge } from '../../components/logo.tsx';
import { pageTexts } from '../../texts/page-texts.ts';
import { providerTexts } from '../../texts/provider-texts.ts';
import { brandVariables, inkOn } from '../../theme/brand-colors.ts';
import classes from './brand-page.module.css';
import type { StaffBrand } from './provider-api.ts';

const words = providerTexts.brand;
const latchkeyGreen = '#17745f';

/** The brand as it is written, in the places where customers will see it. Pictures: nothing in them can be pressed. */
export function BrandPreview({ brand }: { brand: StaffBrand }) {
  const scheme = useColorScheme('light', { getInitialValueInEffect: false });
  const accent = brandVariables(brand.color ?? latchkeyGreen)[scheme] as CSSProperties;
  const logo = <BrandLogo name={brand.name} logo={brand.logo} />;
  return (
    <div className={classes.previews} style={accent}>
      <Picture title={words.previewPages}>
        <span className={classes.brand}>{logo}</span>
        <span className={classes.places}>
          <span className={classes.place} data-here>
            {pageTexts.nav.home}
          </span>
          <span className={classes.place}>{pageTexts.nav.security}</span>
        </span>
      </Picture>
      <Picture title={words.previewCard}>
        <span className={classes.brand}>{logo}</span>
        <span className={`card ${classes.card}`}>
          <KeyEdge />
          <span className={classes.inside}>
            <strong>{pageTexts.enterCode.title}</strong>
            <span className={classes.button}>{pageTexts.common.verify}</span>
            <span className={classes.link}>{pageTexts.enterCode.noCodes}</span>
          </span>
        </span>
      </Picture>
      <Picture title={words.previewEmail}>
        <Email brand={brand} />
      </Picture>
    </div>
  );
}

/** As services/delivery/templates/layout.html makes it. A logo of its own is not fetched: the site loads from nowhere else. */
function Email({ brand: { name, color } }: { brand: StaffBrand }) {
  const accent = color ?? latchkeyGreen;
  return (
    <span className={`card ${classes.email}`} style={{ borderTopColor: accent }}>
      <span className={classes.sender}>{name}</span>
      <strong>{pageTexts.enterCode.title}</strong>
      <span className={classes.code}>012345</span>
      <span className={classes.emailButton} style={{ background: accent, color: inkOn(accent) }}>
        {pageTexts.nav.security}
      </span>
    </span>
  );
}

function Picture({ title, children }: { title: string; children: ReactNode }) {
  return (
    <figure className={classes.preview}>
      <figcaption className={classes.caption}>{title}</figcaption>
      <div role="img" aria-label={title} className={classes.picture}>
        {children}
      </div>
    </figure>
  );
}
