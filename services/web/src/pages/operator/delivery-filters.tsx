import { NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { operatorTexts } from '../../texts/operator-texts.ts';
import { readId } from './ids.ts';
import type { Channel, Delivery, DeliveryFilter } from './operator-api.ts';
import classes from './operator.module.css';
import { readProviders } from './operator-api.ts';

const words = operatorTexts.deliveries;
const choicesOf = <Value extends string>(names: Record<Value, string>) => [{ value: '', label: words.any }, ...Object.entries<string>(names).map(([value, label]) => ({ value, label }))];

interface DeliveryFiltersProps {
  filter: DeliveryFilter;
  /** Those that are listed: they may have been sent by providers that nobody has any more. */
  known: Delivery[];
  onChange: (filter: DeliveryFilter) => void;
}

/** Each choice counts at once; the id of a login when it is a whole one. */
export function DeliveryFilters({ filter, known, onChange }: DeliveryFiltersProps) {
  const [login, setLogin] = useState(filter.loginId ?? '');
  const [configured, setConfigured] = useState<string[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    // Without them those that are listed can be chosen.
    readProviders(leaving.signal).then(({ providers }) => setConfigured(providers.map(({ provider }) => provider)), () => undefined);
    return () => leaving.abort();
  }, []);
  useEffect(() => setLogin(filter.loginId ?? ''), [filter.loginId]);

  const providers = [...new Set([...configured, ...known.map(({ provider }) => provider), ...(filter.provider ? [filter.provider] : [])])].sort();
  const type = (text: string) => {
    setLogin(text);
    const id = readId(text);
    const { loginId: _before, ...others } = filter;
    if (id) onChange({ ...others, loginId: id });
    else if (text.trim() === '') onChange(others);
  };
  return (
    <div role="group" aria-label={words.filter} className={classes.filters}>
      <NativeSelect label={words.state} data={choicesOf(words.states)} value={filter.state ?? ''} onChange={(event) => onChange({ ...filter, state: event.currentTarget.value as Delivery['state'] })} />
      <NativeSelect label={words.provider} data={choicesOf(Object.fromEntries(providers.map((name) => [name, name])))} value={filter.provider ?? ''} onChange={(event) => onChange({ ...filter, provider: event.currentTarget.value })} />
      <NativeSelect label={words.channel} data={choicesOf(operatorTexts.channels)} value={filter.channel ?? ''} onChange={(event) => onChange({ ...filter, channel: event.currentTarget.value as Channel })} />
      <TextInput
        label={words.login}
        value={login}
        onChange={(event) => type(event.currentTarget.value)}
        error={login.trim() !== '' && !readId(login) ? words.loginInvalid : null}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={60}
      />
    </div>
  );
}
