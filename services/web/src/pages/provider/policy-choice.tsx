import { Badge } from '@mantine/core';
import { useId } from 'react';
import { providerTexts } from '../../texts/provider-texts.ts';
import classes from './policy-page.module.css';
import type { Policy } from './provider-api.ts';

const words = providerTexts.policy;
const choices: Policy['twoFactor'][] = ['optional', 'suggested', 'required'];

interface PolicyChoiceProps {
  chosen: Policy['twoFactor'];
  /** What counts until it is saved. */
  now: Policy['twoFactor'];
  onChoose: (policy: Policy['twoFactor']) => void;
}

/** The three policies, each with what it means for customers. */
export function PolicyChoice({ chosen, now, onChoose }: PolicyChoiceProps) {
  const id = useId();
  return (
    <div role="radiogroup" aria-label={words.twoFactor} className={classes.choices}>
      {choices.map((policy) => {
        const { name, meaning } = words.policies[policy];
        return (
          <label key={policy} className={classes.choice} data-chosen={policy === chosen || undefined}>
            <input
              type="radio"
              name="twoFactor"
              checked={policy === chosen}
              onChange={() => onChoose(policy)}
              aria-labelledby={`${id}-${policy}`}
              aria-describedby={`${id}-${policy}-meaning`}
            />
            <span>
              <span className={classes.name}>
                <span id={`${id}-${policy}`}>{name}</span>
                {policy === now && (
                  <Badge size="md" variant="outline" tt="none">
                    {words.now}
                  </Badge>
                )}
              </span>
              <span id={`${id}-${policy}-meaning`} className={classes.meaning}>
                {meaning}
              </span>
            </span>
          </label>
        );
      })}
    </div>
  );
}
