// Fastify as its documentation writes it: JSON schemas both ways, @fastify/jwt, one store of rows.
//   node server.js PORT STORE        (a file of stores/: drizzle, drizzle-prepared or sql)
import jwt from '@fastify/jwt'
import Fastify from 'fastify'

const [port, kind] = process.argv.slice(2)
const { openStore } = await import(`./stores/${kind}.js`)
const store = await openStore(process.env.DATABASE_URL)

const PAGE_SIZE = 20

const item = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    price: { type: 'string' },
    quantity: { type: 'integer' },
    active: { type: 'boolean' },
    category: { type: 'string' },
    owner_id: { type: 'string' },
    created_at: { type: 'string', format: 'date-time' },
  },
}
const items = { type: 'array', items: item }
const hello = { type: 'object', properties: { message: { type: 'string' } } }
const page = {
  type: 'object',
  properties: { page: { type: 'integer', minimum: 1, maximum: 10000, default: 1 } },
}
const itemId = { type: 'object', properties: { id: { type: 'string', format: 'uuid' } } }
const itemIn = {
  type: 'object',
  required: ['name', 'price', 'quantity', 'category_id'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100 },
    // greater than 0, two decimals
    price: { type: 'string', pattern: '^(?!0+(\\.0*)?$)\\d{1,8}(\\.\\d{1,2})?$' },
    quantity: { type: 'integer', minimum: 0 },
    active: { type: 'boolean', default: true },
    category_id: { type: 'integer' },
  },
}

const app = Fastify({ ajv: { customOptions: { removeAdditional: false } } })
await app.register(jwt, { secret: process.env.JWT_SECRET })

async function signedIn(request, reply) {
  await request.jwtVerify()
  request.account = await store.user(request.user.sub)
  if (!request.account?.is_active) return reply.code(401).send({ message: 'Unauthorized' })
}

app.get('/api/hello', { schema: { response: { 200: hello } } }, async () => ({ message: 'hello' }))

app.get(
  '/api/items/:id',
  { schema: { params: itemId, response: { 200: item } } },
  async (request, reply) => {
    const found = await store.item(request.params.id)
    return found ?? reply.code(404).send({ message: 'Not found' })
  },
)

app.get('/api/items', { schema: { querystring: page, response: { 200: items } } }, (request) =>
  store.items(PAGE_SIZE, (request.query.page - 1) * PAGE_SIZE),
)

app.get(
  '/api/my/items',
  { onRequest: signedIn, schema: { response: { 200: items } } },
  (request) => store.itemsOf(request.account.id, PAGE_SIZE),
)

app.post(
  '/api/items',
  { onRequest: signedIn, schema: { body: itemIn, response: { 201: item } } },
  async (request, reply) => {
    const { category_id, ...fields } = request.body
    const category = await store.category(category_id)
    if (!category) return reply.code(422).send({ message: 'There is no such category' })
    const created = await store.create({ ...fields, category_id, owner_id: request.account.id })
    return reply.code(201).send({ ...created, category: category.name })
  },
)

process.once('SIGTERM', () => process.exit())
await app.listen({ port: Number(port), host: '127.0.0.1' })
