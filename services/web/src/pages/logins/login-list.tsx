import type { AccountLogin } from '@latchkey/contracts';
import { Badge, Button } from '@mantine/core';
import { useId } from 'react';
import listClasses from '../../components/plain-list.module.css';
import { useSignedIn } from '../../session/session-context.tsx';
import { pageTexts } from '../../texts/page-texts.ts';
import classes from '../../components/list-line.module.css';

const words = pageTexts.logins;

interface LoginListProps {
  logins: AccountLogin[];
  onRemove: (login: AccountLogin) => void;
  onInvite: (login: AccountLogin) => void;
  /** Whose invitation is being sent. */
  inviting: string | null;
}

/** The logins of the account; all but the owner's own can be removed. */
export function LoginList({ logins, onRemove, onInvite, inviting }: LoginListProps) {
  const ids = useId();
  const { login: own } = useSignedIn();
  return (
    <ul className={listClasses.list}>
      {logins.map((login) => (
        <li key={login.id} className={classes.line}>
          <div className={classes.about}>
            <div className={classes.name}>
              <span id={ids + login.id}>{login.loginName}</span>
              {login.role === 'account_owner' && (
                <Badge size="md" variant="outline" tt="none">
                  {login.id === own.id ? words.you : words.owner}
                </Badge>
              )}
              {login.invited && (
                <Badge size="md" variant="outline" color="gray" tt="none">
                  {words.invited}
                </Badge>
              )}
            </div>
            <div className={classes.facts}>{[login.email, stateOf(login)].filter(Boolean).join(' · ')}</div>
          </div>
          {login.invited && login.email && (
            <Button variant="default" size="sm" aria-describedby={ids + login.id} loading={inviting === login.id} onClick={() => onInvite(login)}>
              {words.sendAgain}
            </Button>
          )}
          {login.role !== 'account_owner' && (
            <Button variant="default" size="sm" aria-describedby={ids + login.id} onClick={() => onRemove(login)}>
              {words.remove}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function stateOf({ invited, twoFactor }: AccountLogin): string {
  if (invited) return words.noPasswordYet;
  return twoFactor ? words.twoFactorOn : words.twoFactorOff;
}
