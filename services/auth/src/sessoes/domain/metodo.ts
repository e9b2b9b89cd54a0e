/**
 * How a person has proved who they are, as `amr` of a token names it (RFC 8176): password, one-time code of an app,
 * recovery code, another provider's login.
 */
export type Metodo = 'pwd' | 'otp' | 'rec' | 'fed';
