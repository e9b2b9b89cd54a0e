import type { DadosBoasVindas } from '../../domain/modelo.ts';
import { COR } from '../leiaute/leiaute.ts';
import type { Template } from '../leiaute/template.ts';

const FRASE =
  'Informe o código abaixo na plataforma para confirmar que este endereço é seu. Até lá, não enviamos nenhuma outra mensagem para cá.';

/** Asks its reader to prove that they read it. Says nothing of the account: its address may have been mistyped. */
export const boasVindas: Template<DadosBoasVindas> = {
  assunto: () => 'Confirme seu e-mail',
  visao: ({ codigo }) => ({
    previa: 'Falta só confirmar este endereço.',
    selo: { texto: 'Confirmação de e-mail', cor: COR.neutra },
    cabecalho: 'Confirme seu e-mail',
    introducao: FRASE,
    abertura: FRASE,
    linhas: [{ rotulo: 'Código', valor: codigo }],
    porque: 'alguém informou este endereço ao criar uma conta',
    fecho: 'O código vale por 7 dias. Se não foi você que criou a conta, ignore esta mensagem.',
  }),
};
