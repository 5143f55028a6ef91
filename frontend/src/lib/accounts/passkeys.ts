import { Problem } from '#lib/api/problem.ts';

type Options = Record<string, unknown>;

/** Whether this browser can keep and use passkeys. */
export const canUsePasskeys = () =>
	typeof PublicKeyCredential !== 'undefined' &&
	'parseCreationOptionsFromJSON' in PublicKeyCredential;

/** Whether this browser also offers them where a name is typed. */
export const canOfferPasskeys = async () =>
	canUsePasskeys() && (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true;

/** Let the browser prove a passkey; gives what the server wants to see. */
export function provePasskey(options: Options): Promise<Options> {
	return ask(() => navigator.credentials.get(toRequest(options)));
}

/**
 * Let the browser offer passkeys in the autofill of a field until `signal` ends it; gives what the
 * server wants to see, or undefined when none was taken. Browsers let one request wait at a time.
 */
export async function offerPasskeys(
	options: Options,
	signal: AbortSignal
): Promise<Options | undefined> {
	try {
		const request = toRequest(options);
		return toJSON(
			await navigator.credentials.get({ ...request, signal, mediation: 'conditional' })
		);
	} catch (error) {
		if (!(error instanceof DOMException)) throw error;
		return undefined;
	}
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

const toRequest = ({ publicKey }: Options): CredentialRequestOptions => ({
	publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
		publicKey as PublicKeyCredentialRequestOptionsJSON
	)
});

const toJSON = (credential: Credential | null): Options | undefined =>
	credential ? { ...(credential as PublicKeyCredential).toJSON() } : undefined;

async function ask(ceremony: () => Promise<Credential | null>): Promise<Options> {
	try {
		const credential = await ceremony();
		const proof = toJSON(credential);
		if (proof) return proof;
	} catch (error) {
		// Browsers do not tell a closed dialog from a device that has no passkey.
		if (!(error instanceof DOMException)) throw error;
		if (error.name === 'InvalidStateError') throw failed('This device has a passkey already.');
	}
	throw failed('No passkey was used. Try again, or choose another way.');
}

const failed = (detail: string) => new Problem({ title: 'No passkey', status: 400, detail });
