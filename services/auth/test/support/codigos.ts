import type { DataSource } from 'typeorm';

/** What was handed to notificacoes, oldest first. */
export async function publicados<T>(
  dataSource: DataSource,
  assunto: string,
  usuarioId: string,
): Promise<T[]> {
  const rows: Array<{ payload: T }> = await dataSource.query(
    `select payload from outbox where assunto = $1 and payload->>'usuarioId' = $2 order by posicao`,
    [assunto, usuarioId],
  );
  return rows.map(({ payload }) => payload);
}

/** Codes for a new password that were mailed to an account, oldest first. */
export async function codigosMandados(dataSource: DataSource, usuarioId: string): Promise<string[]> {
  const pedidas = await publicados<{ codigo: string }>(
    dataSource,
    'auth.v1.RedefinicaoSenhaPedida',
    usuarioId,
  );
  return pedidas.map(({ codigo }) => codigo);
}
