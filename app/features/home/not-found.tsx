import { notFound } from "~/services/http.server";

export const loader = () => {
  throw notFound();
};

/** Never drawn: with a component, Remix shows the error page instead of sending the refusal bare. */
export default () => null;
