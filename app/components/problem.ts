/** What is wrong with a form, and what was typed into it. Drawn by ErrorSummary and Field. */
export interface Problem {
  values: Record<string, string>;
  errors: { name: string; message: string }[];
}
