// Rows by hand-written SQL, prepared once: better-sqlite3, or pg with its pool.
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import * as sqlite from './sqlite.js'

const ITEMS = `
  SELECT item.id, item.name, item.price, item.quantity, item.active, category.name AS category,
    item.owner_id, item.created_at
  FROM item JOIN category ON category.id = item.category_id`
const COLUMNS = 'id, name, price, quantity, active, category_id, owner_id, created_at'

export function openStore(url) {
  return url.startsWith('sqlite') ? onSQLite(url) : onPostgreSQL(url)
}

function onSQLite(url) {
  const database = sqlite.open(url)
  const one = database.prepare(`${ITEMS} WHERE item.id = ?`)
  const many = database.prepare(`${ITEMS} ORDER BY item.created_at LIMIT ? OFFSET ?`)
  const mine = database.prepare(`${ITEMS} WHERE owner_id = ? ORDER BY item.created_at LIMIT ?`)
  const user = database.prepare('SELECT * FROM users_user WHERE id = ?')
  const category = database.prepare('SELECT id, name FROM category WHERE id = ?')
  const insert = database.prepare(`INSERT INTO item (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const read = (row) => ({
    ...row,
    id: sqlite.uuid.read(row.id),
    price: sqlite.money.read(row.price),
    active: row.active === 1,
    owner_id: sqlite.uuid.read(row.owner_id),
    created_at: sqlite.instant.read(row.created_at),
  })
  return {
    item: async (id) => {
      const row = one.get(sqlite.uuid.write(id))
      return row && read(row)
    },
    items: async (limit, offset) => many.all(limit, offset).map(read),
    itemsOf: async (owner, limit) => mine.all(sqlite.uuid.write(owner), limit).map(read),
    user: async (id) => {
      const row = user.get(sqlite.uuid.write(id))
      return row && { ...row, id, is_active: row.is_active === 1 }
    },
    category: async (id) => category.get(id),
    create: async (fields) => {
      const created = { ...fields, id: randomUUID(), created_at: new Date().toISOString() }
      const price = sqlite.money.write(created.price)
      insert.run(
        sqlite.uuid.write(created.id),
        created.name,
        price,
        created.quantity,
        created.active ? 1 : 0,
        created.category_id,
        sqlite.uuid.write(created.owner_id),
        sqlite.instant.write(created.created_at),
      )
      return { ...created, price: sqlite.money.read(price) }
    },
  }
}

function onPostgreSQL(url) {
  const pool = new pg.Pool({ connectionString: url, max: 8 })
  // A named statement is prepared once on each connection.
  const statement = (name, text) => async (values) => (await pool.query({ name, text, values })).rows
  const one = statement('one', `${ITEMS} WHERE item.id = $1`)
  const many = statement('many', `${ITEMS} ORDER BY item.created_at LIMIT $1 OFFSET $2`)
  const mine = statement('mine', `${ITEMS} WHERE owner_id = $1 ORDER BY item.created_at LIMIT $2`)
  const user = statement('user', 'SELECT * FROM users_user WHERE id = $1')
  const category = statement('category', 'SELECT id, name FROM category WHERE id = $1')
  const insert = statement(
    'insert',
    `INSERT INTO item (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING *`,
  )
  return {
    item: async (id) => (await one([id]))[0],
    items: (limit, offset) => many([limit, offset]),
    itemsOf: (owner, limit) => mine([owner, limit]),
    user: async (id) => (await user([id]))[0],
    category: async (id) => (await category([id]))[0],
    create: async ({ name, price, quantity, active, category_id, owner_id }) => {
      const values = [name, price, quantity, active, category_id, owner_id]
      return (await insert([randomUUID(), ...values, new Date()]))[0]
    },
  }
}
