import type { MethodKind } from '@latchkey/contracts';
import { AuthenticatorIcon, EmailIcon, RecoveryCodeIcon, TextMessageIcon } from './icons.tsx';

const icons = {
  sms: TextMessageIcon,
  email: EmailIcon,
  totp: AuthenticatorIcon,
  recovery_code: RecoveryCodeIcon,
};

/** The sign of a two-factor method. Decorative: the name stands beside it. */
export function MethodIcon({ kind }: { kind: MethodKind }) {
  const Sign = icons[kind];
  return <Sign />;
}
