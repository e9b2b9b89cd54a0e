import type { DadosRedefinicaoSenha } from '../../domain/aviso.ts';
import { COR } from '../leiaute/leiaute.ts';
import type { Template } from '../leiaute/template.ts';

const FRASE = 'Informe o código abaixo na plataforma para escolher uma senha nova.';

const DEVOLVE = `${FRASE} A sua conta volta então a ter este e-mail.`;

/** Brings the code that sets a new password. Says nothing of the account, and nothing that somebody else has written. */
export const redefinicaoSenha: Template<DadosRedefinicaoSenha> = {
  assunto: () => 'Redefina sua senha',
  visao: ({ codigo, devolveEndereco = false }) => ({
    previa: 'O código vale por 30 minutos.',
    selo: { texto: 'Segurança da conta', cor: COR.neutra },
    cabecalho: 'Redefina sua senha',
    introducao: devolveEndereco ? DEVOLVE : FRASE,
    abertura: devolveEndereco ? DEVOLVE : FRASE,
    linhas: [{ rotulo: 'Código', valor: codigo }],
    porque: devolveEndereco
      ? 'alguém pediu uma senha nova para a conta que tinha este endereço'
      : 'alguém pediu uma senha nova para a conta deste endereço',
    fecho:
      'O código vale por 30 minutos e uma única vez; um novo pedido o substitui. Não o informe a ninguém. Se não foi você que pediu, ignore esta mensagem: a sua senha continua a mesma.',
  }),
};
