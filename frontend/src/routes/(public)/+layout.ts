export const prerender = true;
// Pages are plain HTML unless they show live data; those set `csr = true` themselves.
export const csr = false;
