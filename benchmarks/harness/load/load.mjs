// Generates load. Reads one job per line from standard input, answers each with one line:
//   {url, connections, requests: [{method, path, headers, body, status, exact, fields}], amount,
//    seconds} -> {answered, seconds, p50, p99, wrong, errors, sample}
// Requests are sent in turn on `connections` keep-alive connections until `amount` are answered,
// or until no more are sent because `seconds` passed. Every answer is checked: its status, and its
// body, against `exact` (base64) or against `fields` of its JSON. Latencies in milliseconds.
import { createInterface } from 'node:readline'
import { Pool } from 'undici'

const PATIENCE = 30_000 // ms until a request without an answer is an error

function check(request, status, body) {
  if (status !== request.status) return false
  if (request.exact) return request.exact.equals(body)
  const found = JSON.parse(body.toString())
  return Object.entries(request.fields).every(([name, value]) => found[name] === value)
}

async function run(job) {
  const pool = new Pool(job.url, {
    connections: job.connections,
    pipelining: 1,
    headersTimeout: PATIENCE,
    bodyTimeout: PATIENCE,
  })
  const requests = job.requests.map(({ exact, ...rest }) => ({
    ...rest,
    exact: exact === null ? null : Buffer.from(exact, 'base64'),
  }))
  const latencies = []
  const seen = { wrong: 0, errors: 0, sample: null }
  const begin = performance.now()
  const end = begin + job.seconds * 1000
  let sent = 0

  async function connection() {
    while (sent < job.amount && performance.now() < end) {
      const request = requests[sent++ % requests.length]
      const { method, path, headers, body } = request
      const started = performance.now()
      try {
        const answer = await pool.request({ method, path, headers, body })
        const received = Buffer.from(await answer.body.arrayBuffer())
        latencies.push(performance.now() - started)
        if (!check(request, answer.statusCode, received)) {
          seen.wrong++
          seen.sample ??= `${method} ${path}: ${answer.statusCode} ${received.toString().slice(0, 500)}`
        }
      } catch (error) {
        seen.errors++
        seen.sample ??= `${method} ${path}: ${error}`
        if (seen.errors > 100) return // it will not get better
      }
    }
  }

  await Promise.all(Array.from({ length: job.connections }, connection))
  const seconds = (performance.now() - begin) / 1000
  await pool.close()
  latencies.sort((a, b) => a - b)
  const at = (share) => latencies[Math.floor((latencies.length - 1) * share)] ?? null
  return { answered: latencies.length, seconds, p50: at(0.5), p99: at(0.99), ...seen }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await run(JSON.parse(line)))}\n`)
}
