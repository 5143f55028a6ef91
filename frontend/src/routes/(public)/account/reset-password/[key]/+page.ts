/** Newer than any build: the server answers with the shell. */
export const prerender = false;
export const ssr = false;
export const csr = true;
