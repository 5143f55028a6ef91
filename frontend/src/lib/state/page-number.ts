/** The page that the address bar names; the first for anything else. */
export const readPage = (parameters: Pick<URLSearchParams, 'get'>): number =>
	Math.max(1, Number.parseInt(parameters.get('page') ?? '1', 10) || 1);
