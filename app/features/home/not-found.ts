import { notFound } from "~/services/http.server";

export const loader = () => {
  throw notFound();
};
