/** What asks for another page, in the query of a list. */
export type PageQuery = { page?: number; cursor?: string };

type Page<Row> = { data: { results: Row[]; next: string | null } };

/**
 * Every row of a list, page by page, whichever way it is paged:
 * `for await (const row of each((page) => listOrders({ client: api, query: { ...page } })))`
 */
export async function* each<Row>(
	read: (page: PageQuery) => Promise<Page<Row>>
): AsyncGenerator<Row> {
	let page: PageQuery | undefined = {};
	while (page) {
		const { data }: Page<Row> = await read(page);
		yield* data.results;
		page = data.next === null ? undefined : pageOf(data.next);
	}
}

function pageOf(address: string): PageQuery {
	const query = new URL(address).searchParams;
	const cursor = query.get('cursor');
	return cursor === null ? { page: Number(query.get('page') ?? 1) } : { cursor };
}

/** Headers of an edit that is refused when somebody else was faster than the one who read this. */
export function seen(answer: { response: Response }): { 'If-Match': string } {
	const tag = answer.response.headers.get('ETag');
	if (!tag) throw new Error('The answer has no ETag: it is of no single row.');
	return { 'If-Match': tag };
}

/** Headers of a create that may be sent again and happens once; keep them for the second time. */
export function once(key: string = crypto.randomUUID()): { 'Idempotency-Key': string } {
	return { 'Idempotency-Key': key };
}
