import { Form, Link } from "@remix-run/react";
import type { AdminEntry } from "~/services/admin.server";

/** What else there is to do with a row: links, and buttons that post. */
export function RowLinks({ links }: { links: ReturnType<NonNullable<AdminEntry["links"]>> }) {
  return links.map(({ label, to, post }) =>
    post ? (
      <Form key={label} method="post" action={to}>
        {Object.entries(post).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <button type="submit" className="button">
          {label}
        </button>
      </Form>
    ) : (
      <Link key={label} className="button" to={to}>
        {label}
      </Link>
    ),
  );
}
