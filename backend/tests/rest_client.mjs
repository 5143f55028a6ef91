// What a program does with the client, as it is published: node rest_client.mjs URL EMAIL PASSWORD
import assert from 'node:assert/strict';

const [name, url, email, password] = process.argv.slice(2);
const {
	addPart, changePart, connect, deletePart, each, getPart, listLogEntries, listMachines, listParts, once,
	Problem, seen
} = await import(name);

const stored = [];
const client = connect(url, { keep: (tokens) => stored.push(tokens) });
const refused = async (status, call) => {
	const error = await call.then(() => assert.fail('it was let through'), (caught) => caught);
	assert(error instanceof Problem, String(error));
	assert.equal(error.status, status, error.message);
	return error;
};

await refused(401, listParts({ client }));
await refused(401, client.signIn({ email, password: 'wrong' }));
await client.signIn({ email, password });

// A list with a filter, by numbered pages; another one behind a cursor.
const broken = [];
const query = { status: 'good', page_size: 5 };
for await (const machine of each((page) => listMachines({ client, query: { ...query, ...page } }))) {
	assert.equal(machine.status, 'good');
	broken.push(machine.slug);
}
const { data: first } = await listMachines({ client, query });
assert(first.count > 5);
assert.equal(new Set(broken).size, first.count);
const work = new Set();
for await (const entry of each((page) => listLogEntries({ client, query: { page_size: 20, ...page } }))) {
	assert(!work.has(entry.id));
	work.add(entry.id);
}
assert(work.size > 20);
const bad = await refused(422, listMachines({ client, query: { status: 'nonsense' } }));
assert.equal(bad.errors[0].field, 'status');
assert.match(bad.requestId, /^[0-9a-f-]{36}$/);

// A create that is sent twice, and an edit that is bound to what was read.
const headers = once();
const body = { machine: broken[0], name: 'Flipper coil' };
const { data: part } = await addPart({ client, body, headers });
const again = await addPart({ client, body, headers });
assert.equal(again.data.id, part.id);
assert.equal(again.response.headers.get('Idempotency-Replayed'), 'true');
const path = { id: part.id };
const read = await getPart({ client, path });
const changed = await changePart({ client, path, body: { quantity: 2 }, headers: seen(read) });
assert.equal(changed.data.quantity, 2);
const late = changePart({ client, path, body: { quantity: 3 }, headers: seen(read) });
assert.equal((await refused(412, late)).type, '/problems/precondition-failed');
assert.match(changed.response.headers.get('RateLimit'), /^"api-user";r=\d+;t=\d+$/);

// Another run of the program, whose access token has expired: its calls renew it once.
const [tokens] = stored;
const renewed = [];
const expired = { ...tokens, access: `${tokens.access.slice(0, -8)}AAAAAAAA` };
const later = connect(url, { tokens: expired, keep: (pair) => renewed.push(pair) });
await Promise.all([1, 2, 3, 4].map(() => getPart({ client: later, path })));
assert.equal(renewed.length, 1);
const latest = await getPart({ client: later, path });
await deletePart({ client: later, path, headers: seen(latest) });
await refused(404, getPart({ client: later, path }));

// Signing out ends what both of them hold.
await later.signOut();
assert.equal(renewed.at(-1), undefined);
await refused(401, listParts({ client }));
assert.equal(stored.at(-1), undefined);
console.log('done');
