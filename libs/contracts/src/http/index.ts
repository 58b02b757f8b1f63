export * from './accounts.ts';
export * from './activity.ts';
export * from './devices.ts';
export * from './login.ts';
export * from './password.ts';
export * from './problem.ts';
export * from './session.ts';
export * from './two-factor.ts';
