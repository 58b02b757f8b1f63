import { Icon } from './form-icons.tsx';

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

export const ArrowIcon = () => (
  <Icon size={18}>
    <path d="M5 12h14m-5.5-5.5L19 12l-5.5 5.5" />
  </Icon>
);

export const LockIcon = () => (
  <Icon>
    <rect x="5" y="10.5" width="14" height="9.5" rx="2" />
    <path d="M8.25 10.5V8a3.75 3.75 0 0 1 7.5 0v2.5M12 14.25v2" />
  </Icon>
);

export const PeopleIcon = () => (
  <Icon>
    <circle cx="9" cy="8.5" r="3.25" />
    <path d="M3 19c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5M15.5 5.5a3.25 3.25 0 0 1 0 6M17 14c2.4.6 4 2.5 4 5" />
  </Icon>
);

export const EnterIcon = () => (
  <Icon>
    <path d="M13.5 4.5H17a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-3.5M4 12h10m-3.5-4L14.5 12l-4 4" />
  </Icon>
);

export const LeaveIcon = () => (
  <Icon>
    <path d="M10.5 4.5H7a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h3.5M10 12h10m-3.5-4 4 4-4 4" />
  </Icon>
);

export const TimelineIcon = () => (
  <Icon>
    <circle cx="6" cy="6.5" r="1.75" />
    <circle cx="6" cy="17.5" r="1.75" />
    <path d="M6 8.25v7.5M11 6.5h8M11 12h5.5M11 17.5h8" />
  </Icon>
);
