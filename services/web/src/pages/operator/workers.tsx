import { Button, Text } from '@mantine/core';
import { Section } from '../../components/section.tsx';
import { useAnnouncement } from '../../components/use-announcement.tsx';
import { serverNow } from '../../api/server-clock.ts';
import { operatorTexts } from '../../texts/operator-texts.ts';
import { ageWords, numberWords } from './figures.ts';
import { Facts } from './facts.tsx';
import { setWorker, type Worker } from './operator-api.ts';
import classes from './operator.module.css';
import { useQueues } from './queues-context.tsx';
import { useConfirm } from './use-confirm.tsx';

const words = operatorTexts.workers;

/** Who delivers, what each has in hand, and which take nothing more. */
export function Workers() {
  const { data, reload } = useQueues().live;
  const { ask, dialog } = useConfirm();
  const { announce, announcement } = useAnnouncement();
  const workers = data?.workers ?? [];

  const change = async (worker: string, draining: boolean) => {
    await setWorker({ worker, draining });
    await reload();
    announce(draining ? words.drained(worker) : words.takenBack(worker));
  };
  const askToDrain = (own: Worker) => {
    const others = workers.filter(({ worker, draining }) => worker !== own.worker && !draining);
    const alone = own.channels.filter((channel) => !others.some(({ channels }) => channels.includes(channel)));
    ask({ title: words.drainTitle, text: words.drainText(own.worker, alone, alone.length < own.channels.length), action: words.drain, onConfirm: () => change(own.worker, true) });
  };
  const askToTakeBack = ({ worker }: Worker) =>
    ask({ title: words.takeBackTitle, text: words.takeBackText(worker), action: words.takeBack, onConfirm: () => change(worker, false) });

  return (
    <Section title={words.title}>
      {workers.length === 0 && <Text c="dimmed">{words.none}</Text>}
      <ul className={classes.list}>
        {workers.map((own) => (
          <li key={own.worker} className={classes.item} data-worker={own.worker}>
            <div className={classes.head}>
              <span className={classes.name}>{own.worker}</span>
              <span className={classes.state} data-tone={own.draining ? 'bad' : 'good'}>
                {own.draining ? words.drains : words.takes}
              </span>
              <Button
                variant="default"
                size="sm"
                aria-label={own.draining ? words.takeBackOf(own.worker) : words.drainOf(own.worker)}
                onClick={() => (own.draining ? askToTakeBack(own) : askToDrain(own))}
              >
                {own.draining ? words.takeBack : words.drain}
              </Button>
            </div>
            <Facts
              facts={[
                [operatorTexts.providers.channels, own.channels.map((channel) => operatorTexts.channels[channel]).join(', ')],
                [words.inFlight, numberWords(own.inFlight)],
                [words.since, words.ago(ageWords(serverNow() - Date.parse(own.startedAt)))],
                [words.seen, words.ago(ageWords(serverNow() - Date.parse(own.seenAt)))],
              ]}
            />
          </li>
        ))}
      </ul>
      {dialog}
      {announcement}
    </Section>
  );
}
