//! The file that tells kubectl and client libraries where the server is and who they are.

/// What a kubeconfig says.
#[derive(Clone, Copy, Debug)]
pub struct Kubeconfig<'a> {
    /// The server's URL.
    pub server: &'a str,
    /// The CA's certificate, in PEM.
    pub authority: &'a str,
    /// The client's certificate, in PEM.
    pub certificate: &'a str,
    /// The client's key, in PEM.
    pub key: &'a str,
}

impl Kubeconfig<'_> {
    /// The file's text.
    pub fn render(&self) -> String {
        format!(
            "apiVersion: v1\n\
             kind: Config\n\
             clusters:\n\
             - name: capstan\n  \
               cluster:\n    \
                 server: {}\n    \
                 certificate-authority-data: {}\n\
             users:\n\
             - name: admin\n  \
               user:\n    \
                 client-certificate-data: {}\n    \
                 client-key-data: {}\n\
             contexts:\n\
             - name: capstan\n  \
               context:\n    \
                 cluster: capstan\n    \
                 user: admin\n\
             current-context: capstan\n",
            self.server,
            base64(self.authority),
            base64(self.certificate),
            base64(self.key)
        )
    }
}

fn base64(text: &str) -> String {
    base64::engine::Engine::encode(&base64::engine::general_purpose::STANDARD, text)
}
