import { Badge, Button } from '@mantine/core';
import { useId } from 'react';
import { makeDefault, type Method } from '../../api/two-factor.ts';
import { FailureMessage } from '../../components/failure-message.tsx';
import { MethodIcon } from '../../components/method-icon.tsx';
import listClasses from '../../components/plain-list.module.css';
import { useAction } from '../../components/use-action.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { dateWords } from '../../time/date-words.ts';
import classes from './method-list.module.css';

const words = pageTexts.security;

interface MethodListProps {
  methods: Method[];
  onRemove: (method: Method) => void;
  onChanged: (announcement: string) => Promise<void>;
}

/** The confirmed methods, which of them is asked first, and what can be done with each. */
export function MethodList({ methods, onRemove, onChanged }: MethodListProps) {
  const ids = useId();
  const { busy, failure, run } = useAction();
  const setDefault = (method: Method) =>
    run(async () => {
      await makeDefault(method.id);
      await onChanged(words.madeDefault(pageTexts.methodNames[method.kind]));
    });

  return (
    <>
      <ul className={listClasses.list}>
        {methods.map((method) => (
          <li key={method.id} className={classes.method}>
            <span className={classes.icon}>
              <MethodIcon kind={method.kind} />
            </span>
            <div className={classes.about}>
              <div className={classes.name}>
                <span id={ids + method.id}>{pageTexts.methodNames[method.kind]}</span>
                {method.default && (
                  <Badge size="md" variant="outline" tt="none">
                    {words.asDefault}
                  </Badge>
                )}
              </div>
              <div className={classes.facts}>
                {[hasDestination(method) && method.hint, method.confirmedAt && words.since(dateWords(method.confirmedAt))]
                  .filter(Boolean)
                  .join(' · ')}
              </div>
            </div>
            <div className={classes.actions}>
              {!method.default && (
                <Button
                  variant="default"
                  size="sm"
                  disabled={busy}
                  aria-describedby={ids + method.id}
                  onClick={() => setDefault(method)}
                >
                  {words.makeDefault}
                </Button>
              )}
              <Button variant="default" size="sm" aria-describedby={ids + method.id} onClick={() => onRemove(method)}>
                {words.remove}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {failure && <FailureMessage failure={failure} />}
    </>
  );
}

/** An authenticator app's hint is its name, which stands above already. */
const hasDestination = ({ kind }: Method) => kind === 'sms' || kind === 'email';
