import { encurtarTexto, normalizarTexto, problemaNoTexto } from '@plataforma/domain/texto';

/** A person as an issuer knows them. Issuer and subject say who it is; the address may change, and may be another's tomorrow. */
export interface Identidade {
  readonly emissor: string;
  readonly sujeito: string;
  /** In normal form; undefined unless the issuer has seen that it is theirs. */
  readonly emailVerificado: string | undefined;
  /** As the person wrote it there; may be empty. */
  readonly nome: string;
}

const NOME = { minimo: 2, maximo: 120 };

/** What a new account is called: the person can change it. */
export function nomeDaConta(nome: string, email: string): string {
  const [local = ''] = email.split('@');
  const nomes = [nome, local].map((texto) => encurtarTexto(normalizarTexto(texto), NOME.maximo));
  return (
    nomes.find((texto) => problemaNoTexto(texto, NOME) === undefined) ?? encurtarTexto(email, NOME.maximo)
  );
}
