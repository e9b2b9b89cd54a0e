/**
 * How a person has proved who they are, as `amr` of a token names it (RFC 8176): password, one-time code of an app,
 * recovery code, another provider's login, the key of a passkey; `mfa` beside that, when its device has verified them and no
 * other factor was asked for.
 */
export type Metodo = 'pwd' | 'otp' | 'rec' | 'fed' | 'pop' | 'mfa';
