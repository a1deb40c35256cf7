//! One connection that asks one thing after the other: HTTP/1.1 as little as is needed.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use serde_json::Value;

use super::Failure;

/// A connection that is kept.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<TcpStream>,
    token: String,
}

impl Client {
    /// To an address such as `127.0.0.1:4000`, with a token or none.
    ///
    /// # Errors
    /// Nobody listens there.
    pub fn connect(address: &str, token: String) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), token })
    }

    /// Reads something.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn get(&mut self, path: &str) -> Result<Value, Failure> {
        self.ask("GET", path, "")
    }

    /// Posts a form.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn post(&mut self, path: &str, form: &Value) -> Result<Value, Failure> {
        self.ask("POST", path, &form.to_string())
    }

    /// Asks for something with a form of JSON, and reads the JSON of the answer.
    ///
    /// # Errors
    /// The connection breaks, or the answer is no success.
    pub fn ask(
        &mut self,
        method: &str,
        path: &str,
        body: &str,
    ) -> Result<Value, Failure> {
        let token = match self.token.as_str() {
            "" => String::new(),
            token => format!("authorization: Bearer {token}\r\n"),
        };
        let first = if method == "PATCH" { "if-match: \"1\"\r\n" } else { "" };
        let head = format!("content-type: application/json\r\n{token}{first}");
        let (status, bytes) = self.send((method, path), &head, body.as_bytes())?;
        if !(200..300).contains(&status) {
            let told = String::from_utf8_lossy(&bytes);
            return Err(format!("{method} {path} was answered {status}: {told}").into());
        }
        Ok(serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// Sends a request with header lines of its own; gives the status and the body.
    ///
    /// # Errors
    /// The connection breaks.
    pub fn send(
        &mut self,
        (method, path): (&str, &str),
        head: &str,
        body: &[u8],
    ) -> Result<(u16, Vec<u8>), Failure> {
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: bench\r\ncontent-length: {length}\r\n{head}\r\n"
        );
        let stream = self.stream.get_mut();
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        let (status, length) = self.head()?;
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes)?;
        Ok((status, bytes))
    }

    /// The status, and the length of the body.
    fn head(&mut self) -> Result<(u16, usize), Failure> {
        let (mut status, mut length) = (None, 0);
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let line = line.trim_end();
            if status.is_none() {
                let code = line.split(' ').nth(1).ok_or("the connection was closed")?;
                status = Some(code.parse()?);
            } else if line.is_empty() {
                return Ok((status.unwrap_or_default(), length));
            } else if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
        }
    }
}
