import type { AddMethodAnswer, AddMethodRequest } from '@latchkey/contracts';
import { useState } from 'react';
import { Redirect, useParams } from 'wouter';
import { ConfirmMethod } from './confirm-method.tsx';
import { DescribeMethod } from './describe-method.tsx';
import { kindOfPath } from './set-up-kinds.ts';
import { SetUpDone } from './set-up-done.tsx';

/** A method that was added and waits for a code from it. */
export interface PendingMethod {
  request: AddMethodRequest;
  answer: AddMethodAnswer;
}

/**
 * Sets one method up: say where codes go, confirm one, done. The steps are not kept for a reload: an authenticator's
 * secret is shown once, and the password belongs into no storage.
 */
export default function SetUpMethodPage() {
  const kind = kindOfPath(useParams<{ method: string }>().method);
  const [pending, setPending] = useState<PendingMethod | null>(null);
  const [done, setDone] = useState<{ recoveryCodes: string[] } | null>(null);

  if (!kind) return <Redirect to="/security/set-up" replace />;
  if (done) return <SetUpDone recoveryCodes={done.recoveryCodes} />;
  return (
    <>
      {/* Stays in the page, so that going back from the code finds what was typed. */}
      <div hidden={pending !== null}>
        <DescribeMethod kind={kind} active={pending === null} onAdded={setPending} />
      </div>
      {pending && (
        <ConfirmMethod
          pending={pending}
          onAgain={setPending}
          onBack={() => setPending(null)}
          onDone={(recoveryCodes) => setDone({ recoveryCodes })}
        />
      )}
    </>
  );
}
