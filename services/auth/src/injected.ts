/** Tokens of what is injected and is not a class. */
export const SETTINGS = Symbol('settings');
export const CLOCK = Symbol('clock');
export const REDIS = Symbol('redis');
