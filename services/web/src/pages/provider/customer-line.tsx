import { Badge } from '@mantine/core';
import { Link } from 'wouter';
import { serverNow } from '../../api/server-clock.ts';
import { ArrowIcon } from '../../components/icons.tsx';
import { providerTexts } from '../../texts/provider-texts.ts';
import { lastSeenWords } from '../../time/date-words.ts';
import classes from './customer-line.module.css';
import type { Customer } from './provider-api.ts';

const words = providerTexts.customers;

/** One hit of the search: enough to see whether it is the person on the phone. The whole line is the link. */
export function CustomerLine({ customer, search }: { customer: Customer; search: string }) {
  const { id, loginName, account, role, invited, twoFactor, lastLoginAt } = customer;
  const facts = [
    account.name,
    providerTexts.roles[role],
    invited ? words.invited : lastLoginAt ? words.lastLogin(lastSeenWords(lastLoginAt, serverNow())) : words.neverLoggedIn,
  ];
  return (
    <Link to={`/provider/customers/${id}`} state={{ search }} className={classes.line}>
      <span className={classes.about}>
        <span className={classes.name}>{loginName}</span>
        <span className={classes.facts}>{facts.join(' · ')}</span>
      </span>
      <TwoFactorBadge on={twoFactor.enabled} text={twoFactor.enabled ? words.twoFactorOn : words.twoFactorOff} />
      <ArrowIcon />
    </Link>
  );
}

export function TwoFactorBadge({ on, text }: { on: boolean; text: string }) {
  return (
    <Badge variant={on ? 'filled' : 'outline'} color={on ? 'verdigris' : 'gray'} tt="none" className={classes.badge ?? ''}>
      {text}
    </Badge>
  );
}
