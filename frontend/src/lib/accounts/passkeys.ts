import { Problem } from '#lib/api/problem.ts';

type Options = Record<string, unknown>;

/** Whether this browser can keep and use passkeys. */
export const canUsePasskeys = () =>
	typeof PublicKeyCredential !== 'undefined' &&
	'parseCreationOptionsFromJSON' in PublicKeyCredential;

/** Let the browser prove a passkey; gives what the server wants to see. */
export function provePasskey({ publicKey }: Options): Promise<Options> {
	return ask(() =>
		navigator.credentials.get({
			publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
				publicKey as PublicKeyCredentialRequestOptionsJSON
			)
		})
	);
}

/** Let the browser make a passkey; gives what the server keeps of it. */
export function makePasskey({ publicKey }: Options): Promise<Options> {
	return ask(() =>
		navigator.credentials.create({
			publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(
				publicKey as PublicKeyCredentialCreationOptionsJSON
			)
		})
	);
}

async function ask(ceremony: () => Promise<Credential | null>): Promise<Options> {
	try {
		const credential = await ceremony();
		if (credential) return { ...(credential as PublicKeyCredential).toJSON() };
	} catch (error) {
		// Browsers do not tell a closed dialog from a device that has no passkey.
		if (!(error instanceof DOMException)) throw error;
		if (error.name === 'InvalidStateError') throw failed('This device has a passkey already.');
	}
	throw failed('No passkey was used. Try again, or choose another way.');
}

const failed = (detail: string) => new Problem({ title: 'No passkey', status: 400, detail });
