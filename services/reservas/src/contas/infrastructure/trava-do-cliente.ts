/** Takes one lock until the end of the transaction, by its name. */
export const TRAVAR = 'select pg_advisory_xact_lock(hashtextextended($1, 0))';

/** What a customer has changes under this lock alone, and so does whether they are gone. */
export const travaDoCliente = (clienteId: string): string => `reservas:cliente:${clienteId}`;

/** Whether the account of `$1` is gone, as contas has it: newer than any event. */
export const REMOVIDO = 'exists (select from contas where usuario_id = $1 and versao = 9223372036854775807)';
