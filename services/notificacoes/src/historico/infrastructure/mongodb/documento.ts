import type { RegistroLido } from '../../application/ports.ts';

/** A record as MongoDB keeps it. Its identity is the key of the record, so that no index has to be there to keep it single. */
export type Documento = RegistroLido & { readonly _id: string };

/** By names, so that nothing else that a record may bring is kept: least of all where the message went. */
export function toDocumento(registro: RegistroLido): Documento {
  const { notificacaoId, sequencia, clienteId, canal, modelo, reservaId, tipo, detalhe, ocorridoEm } =
    registro;
  const chave = { _id: `${notificacaoId}/${sequencia}`, notificacaoId, sequencia };
  return { ...chave, clienteId, canal, modelo, reservaId, tipo, detalhe, ocorridoEm };
}

export function registroFrom({ _id, ...registro }: Documento): RegistroLido {
  return registro;
}
