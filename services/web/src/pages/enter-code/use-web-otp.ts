import type { Sent } from '@latchkey/contracts';
import { useEffect, useRef } from 'react';

/** The part of the WebOTP API that is in no type library (https://wicg.github.io/web-otp/). */
interface OtpCredential extends Credential {
  code: string;
}

/** Takes the code out of a text that arrives on this phone, where the browser can and the person agrees. */
export function useWebOtp(sent: Sent | undefined, onCode: (code: string) => void): void {
  const latest = useRef(onCode);
  useEffect(() => {
    latest.current = onCode;
  });
  useEffect(() => {
    if (!sent || !('OTPCredential' in window)) return;
    const leaving = new AbortController();
    const options = { otp: { transport: ['sms'] }, signal: leaving.signal } as CredentialRequestOptions;
    navigator.credentials
      .get(options)
      .then((credential) => credential && latest.current((credential as OtpCredential).code))
      // Declined, timed out or left: the code is typed instead.
      .catch(() => undefined);
    return () => leaving.abort();
  }, [sent]);
}
