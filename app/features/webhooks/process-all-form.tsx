import { Form } from "@remix-run/react";
import { queryWith } from "./view";

/** Behind a disclosure: it may be much, and what handlers do is done again. */
export const ProcessAll = ({ query }: { query: URLSearchParams }) => (
  <details className="process-all">
    <summary>Process all again</summary>
    <Form method="post" action={`/webhooks/events/process${queryWith(query, { after: null, before: null })}`}>
      <p>
        Everything that was accepted and matches the filters, up to 10,000 events, is handed to its handlers
        again. What they do is done again.
      </p>
      <button type="submit" className="button">
        Process them again
      </button>
    </Form>
  </details>
);
