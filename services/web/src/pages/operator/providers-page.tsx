import { Button, Stack, Text } from '@mantine/core';
import { serverNow } from '../../api/server-clock.ts';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Section } from '../../components/section.tsx';
import { useAnnouncement } from '../../components/use-announcement.tsx';
import { operatorTexts } from '../../texts/operator-texts.ts';
import { ageWords } from './figures.ts';
import { Freshness } from './freshness.tsx';
import { type Channel, type Provider, readProviders, setChannel, setProvider } from './operator-api.ts';
import classes from './operator.module.css';
import { useConfirm } from './use-confirm.tsx';
import { useLive } from './use-live.ts';

const words = operatorTexts.providers;
const everyMs = 3_000;

/** Providers on and off with their circuits in each worker, and channels that are held back. */
export default function ProvidersPage() {
  const live = useLive(readProviders, everyMs);
  const { data, failure, reload, replace } = live;
  const { ask, dialog } = useConfirm();
  const { announce, announcement } = useAnnouncement();

  const switchProvider = async (provider: string, on: boolean) => {
    replace(await setProvider({ provider, on }));
    announce(on ? words.turnedOn(provider) : words.turnedOff(provider));
  };
  const askAboutProvider = (own: Provider) => {
    const { provider, on } = own;
    if (!on) return ask({ title: words.onTitle(provider), text: words.onText(provider), action: words.turnOn, onConfirm: () => switchProvider(provider, true) });
    const others = data?.providers.filter((other) => other.provider !== provider && other.on) ?? [];
    const alone = channelsOf(own).filter((channel) => !others.some((other) => channelsOf(other).includes(channel)));
    ask({ title: words.offTitle(provider), text: words.offText(provider, alone, alone.length < channelsOf(own).length), action: words.turnOff, onConfirm: () => switchProvider(provider, false) });
  };
  const switchChannel = async (channel: Channel, paused: boolean) => {
    replace(await setChannel({ channel, paused }));
    announce(paused ? words.pausedNow[channel] : words.resumedNow[channel]);
  };
  const askAboutChannel = (channel: Channel, paused: boolean) =>
    ask(
      paused
        ? { title: words.resumeTitle(channel), text: words.resumeText, action: words.resume, onConfirm: () => switchChannel(channel, false) }
        : { title: words.pauseTitle(channel), text: words.pauseText, action: words.pause, onConfirm: () => switchChannel(channel, true) },
    );

  return (
    <Stack gap="lg">
      <div>
        <PageHeading>{words.title}</PageHeading>
        <Text>{words.lead}</Text>
        <Freshness live={live} />
      </div>
      {!data && (failure ? <LoadFailed failure={failure} onRetry={reload} /> : <Loading />)}
      {data && (
        <>
          <Section title={words.channels}>
            <ul className={classes.list}>
              {data.channels.map(({ channel, paused }) => (
                <li key={channel} className={`${classes.item} ${classes.head}`}>
                  <span className={classes.name}>{operatorTexts.channels[channel]}</span>
                  <span className={classes.state} data-tone={paused ? 'bad' : 'good'}>
                    {paused ? words.paused : words.sends}
                  </span>
                  <Button variant="default" size="sm" aria-label={paused ? words.resumeOf(channel) : words.pauseOf(channel)} onClick={() => askAboutChannel(channel, paused)}>
                    {paused ? words.resume : words.pause}
                  </Button>
                </li>
              ))}
            </ul>
          </Section>
          <Section title={words.title}>
            {data.providers.length === 0 && <Text c="dimmed">{words.none}</Text>}
            <ul className={classes.list}>
              {data.providers.map((own) => (
                <li key={own.provider} className={classes.item} data-provider={own.provider}>
                  <ProviderLine provider={own} onSwitch={() => askAboutProvider(own)} />
                </li>
              ))}
            </ul>
          </Section>
        </>
      )}
      {dialog}
      {announcement}
    </Stack>
  );
}

const channelsOf = ({ workers }: Provider): Channel[] => [...new Set(workers.flatMap(({ channels }) => channels))];
const tones = { closed: 'good', half_open: undefined, open: 'bad' } as const;

function ProviderLine({ provider: { provider, on, workers }, onSwitch }: { provider: Provider; onSwitch: () => void }) {
  return (
    <>
      <div className={classes.head}>
        <span className={classes.name}>{provider}</span>
        <span className={classes.state} data-tone={on ? 'good' : 'bad'}>
          {on ? words.on : words.off}
        </span>
        <Button variant="default" size="sm" aria-label={on ? words.turnOffOf(provider) : words.turnOnOf(provider)} onClick={onSwitch}>
          {on ? words.turnOff : words.turnOn}
        </Button>
      </div>
      {workers.length === 0 && <div className={classes.dimmed}>{words.noWorker}</div>}
      <ul className={classes.steps}>
        {workers.map(({ worker, channels, circuit, changedAt }) => (
          <li key={worker}>
            <span className={classes.state} data-tone={tones[circuit]}>
              {words.circuits[circuit]}
            </span>{' '}
            <span className={classes.dimmed}>
              {[words.since(ageWords(serverNow() - Date.parse(changedAt))), worker, channels.map((channel) => operatorTexts.channels[channel]).join(', ')].join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
