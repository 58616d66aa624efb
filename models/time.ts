/** Stretches of time in milliseconds. */
export const MINUTE = 60 * 1000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The time that many days before now. */
export const daysAgo = (days: number) => new Date(Date.now() - days * DAY);
