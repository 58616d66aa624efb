/** Files that one form takes. */
export const MOST_FILES = 20;
