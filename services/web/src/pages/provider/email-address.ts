/** Catches slips of the fingers only; whether mail gets there is for the mail to show. */
export const looksLikeEmail = (text: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim());
