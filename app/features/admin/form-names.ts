/** Names of what the form of a row sends beside the row's fields. Each begins with an underscore, as no field does. */

/** What the row was when the form was opened. */
export const VERSION = "_version";
export const OWN_PASSWORD = "_own_password";

/** Buttons: what they save by beside "Save", and those that search. */
export const CONTINUE = "_continue";
export const ADD_ANOTHER = "_addanother";
export const SEARCH = "_search";
/** What Enter presses, in a form that searches. */
export const ENTER = "_enter";

/** What is looked for in a field that is looked up. */
export const wordsFor = (name: string) => `_words_${name}`;
/** What was looked up, as the form that comes back has it. */
export const PICKED = "_picked";

/** Takes the file of a field away. */
export const removeFor = (name: string) => `_remove_${name}`;

/** What to take of a field that two people have changed: `YOURS` or `THEIRS`. */
export const takeFor = (name: string) => `_take_${name}`;
export const YOURS = "yours";
export const THEIRS = "theirs";
