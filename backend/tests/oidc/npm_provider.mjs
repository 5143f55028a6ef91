// An identity provider: npm's oidc-provider, all state in memory.
// node npm_provider.mjs FRONTEND PORT CALLBACK: prints "ready" and serves until it is stopped.
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';

const [frontend, port, callback] = argv.slice(2);
const { Provider } = await import(
	pathToFileURL(`${frontend}/node_modules/oidc-provider/lib/index.js`).href
);

const provider = new Provider(`http://localhost:${port}`, {
	clients: [
		{
			client_id: 'house',
			client_secret: 'secret',
			redirect_uris: [callback],
			token_endpoint_auth_method: 'client_secret_post'
		}
	],
	claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
	cookies: { keys: ['of no value'] },
	findAccount: (_, id) => ({
		accountId: id,
		claims: () => ({
			sub: id,
			name: 'Kim Known',
			email: `${id}@example.org`,
			email_verified: id === 'known'
		})
	})
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
