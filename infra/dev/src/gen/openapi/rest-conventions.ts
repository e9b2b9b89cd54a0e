/** RPCs that anybody may call over REST without a token; a spec compares them with the access rules of the services. */
export const PUBLIC_RPCS: ReadonlySet<string> = new Set([
  'auth.v1.AuthService/Signup',
  'auth.v1.AuthService/Login',
  'auth.v1.AuthService/VerifyMfa',
  'auth.v1.AuthService/Refresh',
  'auth.v1.AuthService/StartGoogle',
  'auth.v1.AuthService/FinishGoogle',
  'auth.v1.AuthService/VerifyEmail',
  'auth.v1.AuthService/ForgotPassword',
  'auth.v1.AuthService/ResetPassword',
  'auth.v1.ErasuresService/GetErasureReport',
  'auth.v1.PasskeysService/StartPasskeyLogin',
  'auth.v1.PasskeysService/FinishPasskeyLogin',
]);

/** RPCs that make something although their name does not begin with `Criar`. */
const OTHER_CREATIONS: ReadonlySet<string> = new Set([
  'auth.v1.AuthService/Signup',
  'auth.v1.ExportService/RequestExport',
  'notificacoes.v1.DispositivosService/RegistrarDispositivo',
  'reservas.v1.FilaEsperaService/EntrarNaFila',
]);

/** Whether success answers 201 instead of 200. */
export function isCreation(fullName: string): boolean {
  return /\/Criar[A-Z]/.test(fullName) || OTHER_CREATIONS.has(fullName);
}
