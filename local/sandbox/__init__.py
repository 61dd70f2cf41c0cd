"""WeChat Pay v3 and Aliyun SMS on one machine: its own ledger, real signatures. See README.md."""
