/** Pixels of a day's chart: drawn on the server, shown in part by each day. */
export const WIDTH = 320;
export const HEIGHT = 156;
/** Where bars stand. */
export const FLOOR = 132;
