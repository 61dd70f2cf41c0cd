"""WeChat Pay v3 and Aliyun SMS on one machine: real HTTP, real signatures, a ledger of its own. See README.md."""
