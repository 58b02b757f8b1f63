import { Badge, Button, Text } from '@mantine/core';
import { MethodIcon } from '../../components/method-icon.tsx';
import listClasses from '../../components/plain-list.module.css';
import { Section } from '../../components/section.tsx';
import { providerTexts } from '../../texts/provider-texts.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { TwoFactorBadge } from './customer-line.tsx';
import classes from './customer-page.module.css';
import type { Customer } from './provider-api.ts';

const words = providerTexts.customer;

interface CustomerTwoFactorProps {
  customer: Customer;
  required: boolean;
  onTurnOff: () => void;
}

/** Whether two-factor is on, by which methods, and the way to turn it off for who lost them all. */
export function CustomerTwoFactor({ customer: { twoFactor }, required, onTurnOff }: CustomerTwoFactorProps) {
  const { enabled, methods } = twoFactor;
  return (
    <Section title={words.twoFactor} aside={<TwoFactorBadge on={enabled} text={enabled ? words.on : words.off} />}>
      <Text>{enabled ? words.onText : required ? words.offRequired : words.offText}</Text>
      {enabled && (
        <>
          <ul className={listClasses.list}>
            {methods.map((method) => (
              <li key={method.kind + method.hint} className={classes.method}>
                <span className={classes.methodIcon}>
                  <MethodIcon kind={method.kind} />
                </span>
                <span className={classes.methodName}>{pageTexts.methodNames[method.kind]}</span>
                {(method.kind === 'sms' || method.kind === 'email') && <span className={classes.hint}>{method.hint}</span>}
                {method.default && (
                  <Badge size="md" variant="outline" tt="none">
                    {words.asDefault}
                  </Badge>
                )}
              </li>
            ))}
          </ul>
          <Button mt="md" variant="default" onClick={onTurnOff}>
            {words.turnOff}
          </Button>
        </>
      )}
    </Section>
  );
}
