/** Takes one lock until the end of the transaction, by its name. */
export const TRAVAR = 'select pg_advisory_xact_lock(hashtextextended($1, 0))';

/** What a customer has changes under this lock alone, and so does whether they are gone. */
export const travaDoCliente = (clienteId: string): string => `reservas:cliente:${clienteId}`;
