import { Button, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { readTwoFactor } from '../../api/two-factor.ts';
import { ArrowIcon, ComputerIcon, LeaveIcon, PeopleIcon, ShieldIcon, TimelineIcon } from '../../components/icons.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Section } from '../../components/section.tsx';
import { useLoad } from '../../components/use-load.ts';
import { useSignedIn } from '../../session/session-context.tsx';
import { pageTexts } from '../../texts/page-texts.ts';
import { dateWords } from '../../time/date-words.ts';
import classes from './home-page.module.css';

/** Where a person lands: how they got in, and where their settings are. */
export default function HomePage() {
  const { login, assurance, device } = useSignedIn();
  const { data: twoFactor } = useLoad(readTwoFactor);

  return (
    <Stack gap="lg">
      <PageHeading shown={pageTexts.home.greeting(login.loginName)}>{pageTexts.home.title}</PageHeading>
      <div className={classes.tiles}>
        <Tile to="/security" icon={<ShieldIcon />} title={pageTexts.nav.security} text={pageTexts.home.securityText} />
        <Tile to="/devices" icon={<ComputerIcon />} title={pageTexts.nav.devices} text={pageTexts.home.devicesText} />
        <Tile to="/activity" icon={<TimelineIcon />} title={pageTexts.nav.activity} text={pageTexts.home.activityText} />
        {login.role === 'account_owner' ? (
          <Tile to="/logins" icon={<PeopleIcon />} title={pageTexts.nav.logins} text={pageTexts.home.loginsText} />
        ) : (
          <Tile to="/sessions" icon={<LeaveIcon />} title={pageTexts.nav.sessions} text={pageTexts.home.sessionsText} />
        )}
      </div>
      <Section title={pageTexts.home.howSignedIn}>
        <Text>{pageTexts.home.assurance[assurance]}</Text>
        <Text c="dimmed">
          {pageTexts.home.device}: {device.name}.{' '}
          {device.trusted && device.trustedUntil && pageTexts.home.trustedUntil(dateWords(device.trustedUntil))}
          {!device.trusted && twoFactor?.enabled && pageTexts.home.notTrusted}
        </Text>
      </Section>
      {twoFactor && !twoFactor.enabled && (
        <Section title={pageTexts.home.suggestTitle}>
          <Text mb="md">
            {twoFactor.policy === 'suggested' ? pageTexts.home.suggestByProvider : pageTexts.home.suggestOptional}
          </Text>
          <Button component={Link} to="/security/set-up">
            {pageTexts.security.setUp}
          </Button>
        </Section>
      )}
    </Stack>
  );
}

function Tile({ to, icon, title, text }: { to: string; icon: React.ReactNode; title: string; text: string }) {
  return (
    <Link to={to} className={`card ${classes.tile}`}>
      <span className={classes.tileTitle}>
        {icon}
        {title}
        <ArrowIcon />
      </span>
      <span className={classes.tileText}>{text}</span>
    </Link>
  );
}
