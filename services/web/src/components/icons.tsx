import type { ReactNode } from 'react';

function Icon({ size = 20, children }: { size?: number; children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ flex: 'none', display: 'block' }}
    >
      {children}
    </svg>
  );
}

export const TextMessageIcon = () => (
  <Icon>
    <path d="M4 6.5a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-4 3.5v-3.5H6a2 2 0 0 1-2-2z" />
    <path d="M8.5 10.5h.01M12 10.5h.01M15.5 10.5h.01" strokeWidth="2.25" />
  </Icon>
);

export const EmailIcon = () => (
  <Icon>
    <rect x="3.5" y="5.5" width="17" height="13" rx="2" />
    <path d="m4.5 7.5 7.5 5.5 7.5-5.5" />
  </Icon>
);

export const AuthenticatorIcon = () => (
  <Icon>
    <rect x="6.5" y="3" width="11" height="18" rx="2.5" />
    <circle cx="12" cy="11" r="3" />
    <path d="M12 9.75V11l.75.75M11 17.75h2" />
  </Icon>
);

export const RecoveryCodeIcon = () => (
  <Icon>
    <path d="M6 3.5h8l4 4v13H6z" />
    <path d="M9 11h6M9 14h6M9 17h3.5" />
  </Icon>
);

export const PhoneIcon = () => (
  <Icon>
    <rect x="7" y="3" width="10" height="18" rx="2.25" />
    <path d="M11 17.75h2" />
  </Icon>
);

export const ComputerIcon = () => (
  <Icon>
    <rect x="4.5" y="5" width="15" height="10.5" rx="1.5" />
    <path d="M2.5 19h19" />
  </Icon>
);

export const ShieldIcon = () => (
  <Icon>
    <path d="M12 3.5 5 6v5.5c0 4.25 2.9 7.5 7 9 4.1-1.5 7-4.75 7-9V6z" />
    <path d="m9 12 2.25 2.25L15.25 10" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <path d="m5 12.5 4.5 4.5L19 7.5" strokeWidth="2" />
  </Icon>
);

export const AlertIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 8v4.5M12 15.75h.01" strokeWidth="2" />
  </Icon>
);

export const ArrowIcon = () => (
  <Icon size={18}>
    <path d="M5 12h14m-5.5-5.5L19 12l-5.5 5.5" />
  </Icon>
);

export const ShowIcon = () => (
  <Icon>
    <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" />
    <circle cx="12" cy="12" r="2.75" />
  </Icon>
);

export const HideIcon = () => (
  <Icon>
    <path d="M9.5 5.9A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.4 3.2M6.3 7.5A16 16 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4.7-1.4" />
    <path d="M10 10.2a2.75 2.75 0 0 0 3.8 3.9M4 4l16 16" />
  </Icon>
);
